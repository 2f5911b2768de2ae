"""Words of which the demonstration company's customers are made: names, streets, true postcodes."""

from __future__ import annotations

from typing import Final, NamedTuple


class Region(NamedTuple):
    """Words of one country, each list separated by ``|``."""

    first: str
    last: str
    street: str
    """With ``#`` in place of the number."""
    form: str
    """Legal forms."""
    place: str
    """Postcode and city, ``:`` between them; behind a second ``:`` the state."""
    vat: str = ""
    """Form of the VAT id: ``9`` is any digit, ``1`` one that is not 0, everything else stands as it is."""

    def words(self, field: str) -> list[str]:
        """One of the lists."""
        text: str = getattr(self, field)
        return text.split("|")


_TRADES: Final = (
    "Metallbau|Maschinenbau|Elektrotechnik|Bau|Logistik|Spedition|Druckerei|Möbelwerkstätten|Haustechnik|Gartenbau|"
    "Ingenieure|Architekten|Steuerberatung|Medien|Verlag|Software|Werbetechnik|Großhandel|Lebensmittel|Brauerei|"
    "Textil|Kunststofftechnik|Sanitär|Fahrzeugbau|Optik|Labortechnik|Reisen|Immobilien|Pflegedienst|Weinhandel"
)
_TRADES_ABROAD: Final = (
    "Consulting|Design|Logistics|Media|Engineering|Software|Foods|Trading|Analytics|Studios|Energy|Travel"
)
_PRACTICES: Final = (
    "Bäckerei|Autohaus|Zahnarztpraxis Dr.|Kanzlei|Apotheke|Buchhandlung|Hotel|Gasthof|Tischlerei|Fahrschule"
)
_LABELS: Final = "Treuerabatt|Neukundenrabatt|Mengenrabatt|Messeangebot|Rahmenvertrag"

_AUTHORITIES: Final = "Wasserversorgung Mühlbach|Abfallwirtschaft Oberes Tal|Musikschule Lindenau|Nahverkehr Seenland"
TRADES: Final = _TRADES.split("|")
TRADES_ABROAD: Final = _TRADES_ABROAD.split("|")
PRACTICES: Final = _PRACTICES.split("|")
LABELS: Final = _LABELS.split("|")
AUTHORITIES: Final = _AUTHORITIES.split("|")

_GERMAN_STREETS: Final = (
    "Hauptstraße #|Bahnhofstraße #|Gartenstraße #|Lindenstraße #|Schillerstraße #|Goethestraße #|Bergstraße #|"
    "Ringstraße #|Am Mühlbach #|Kirchgasse #|Rosenweg #|Marktplatz #|Industriestraße #|Königsallee #|Schloßstraße #|"
    "Ahornweg #|Wiesengrund #|Brückenstraße #|Ludwig-Erhard-Straße #|Äußere Weberstraße #|Öjendorfer Weg #|"
    "Übersee-Allee #"
)
_GERMAN_PLACES: Final = (
    "10115:Berlin|10405:Berlin|10777:Berlin|10999:Berlin|12043:Berlin|13353:Berlin|20095:Hamburg|20257:Hamburg|"
    "22083:Hamburg|22765:Hamburg|80331:München|80469:München|80799:München|81541:München|50667:Köln|50823:Köln|"
    "50968:Köln|60311:Frankfurt am Main|60316:Frankfurt am Main|60486:Frankfurt am Main|70173:Stuttgart|"
    "70197:Stuttgart|40210:Düsseldorf|40221:Düsseldorf|04109:Leipzig|04229:Leipzig|04275:Leipzig|01067:Dresden|"
    "01097:Dresden|01309:Dresden|44135:Dortmund|45127:Essen|28195:Bremen|28203:Bremen|30159:Hannover|30449:Hannover|"
    "90402:Nürnberg|47051:Duisburg|44787:Bochum|42103:Wuppertal|33602:Bielefeld|53111:Bonn|48143:Münster|"
    "76131:Karlsruhe|68159:Mannheim|86150:Augsburg|65183:Wiesbaden|41061:Mönchengladbach|38100:Braunschweig|"
    "09111:Chemnitz|24103:Kiel|52062:Aachen|06108:Halle (Saale)|39104:Magdeburg|79098:Freiburg im Breisgau|"
    "23552:Lübeck|55116:Mainz|99084:Erfurt|18055:Rostock|34117:Kassel|66111:Saarbrücken|14467:Potsdam|"
    "26122:Oldenburg|49074:Osnabrück|69117:Heidelberg|97070:Würzburg|93047:Regensburg|37073:Göttingen|89073:Ulm|"
    "07743:Jena|54290:Trier|78462:Konstanz|03046:Cottbus|02826:Görlitz|08056:Zwickau|02625:Bautzen|94032:Passau|"
    "99423:Weimar|19053:Schwerin|24937:Flensburg|95444:Bayreuth|96047:Bamberg|72070:Tübingen|36037:Fulda|"
    "18439:Stralsund|88131:Lindau (Bodensee)"
)

REGIONS: Final[dict[str, Region]] = {
    "DE": Region(
        "Anna|Jürgen|Sabine|Thomas|Ursula|Michael|Jörg|Petra|Stefan|Claudia|Andreas|Birgit|Günther|Monika|Klaus|Heike|"
        "Wolfgang|Susanne|Matthias|Kerstin|Björn|Lena|Paul|Emma|Ben|Mia|Finn|Leonie|Ayşe|Mehmet|Zoë|René|Sören|Käthe",
        "Müller|Schmidt|Schneider|Fischer|Weber|Meyer|Wagner|Becker|Schulz|Hoffmann|Schäfer|Koch|Bauer|Richter|Klein|Wolf|"
        "Schröder|Neumann|Schwarz|Zimmermann|Braun|Krüger|Hofmann|Hartmann|Lange|Köhler|König|Böhm|Jäger|Groß|Weiß|"
        "Yilmaz|Nowak|Lößner|Strauß|von der Heide|Günther|Brückner|Überschär|Öztürk|Kühn|Vogt|Seidel|Thieß",
        _GERMAN_STREETS,
        "GmbH|GmbH|GmbH|GmbH & Co. KG|AG|UG (haftungsbeschränkt)|e. K.|KG|OHG|eG",
        _GERMAN_PLACES,
    ),
    "AT": Region(
        "Johann|Elisabeth|Franz|Theresia|Lukas|Hannah", "Gruber|Huber|Pichler|Steiner|Moser|Hölzl|Brandstätter",
        "Mariahilfer Straße #|Landstraße #|Getreidegasse #|Herrengasse #", "GmbH|GesmbH & Co KG|AG",
        "1010:Wien|1070:Wien|8010:Graz|4020:Linz|5020:Salzburg|6020:Innsbruck", "ATU19999999",
    ),
    "FR": Region(
        "Camille|Louis|Chloé|Hugo|Élodie|Benoît", "Martin|Bernard|Lefèvre|Moreau|Girard|Fontaine",
        "# rue de la République|# avenue Victor Hugo|# place du Marché|# boulevard Gambetta", "SARL|SAS|SA",
        "75011:Paris|69003:Lyon|67000:Strasbourg|59000:Lille|44000:Nantes", "FR99199999999",
    ),
    "NL": Region(
        "Sanne|Daan|Femke|Bram|Lotte|Sem", "de Vries|Jansen|Bakker|Visser|van den Berg|Mulder",
        "Kerkstraat #|Dorpsstraat #|Molenweg #|Stationsplein #", "B.V.|N.V.",
        "1012 AB:Amsterdam|3011 AD:Rotterdam|3511 LX:Utrecht|5611 EM:Eindhoven", "NL199999999B01",
    ),
    "IT": Region(
        "Giulia|Marco|Chiara|Alessandro|Nicolò|Sofia", "Rossi|Ferrari|Esposito|Bianchi|Romano|Conti",
        "Via Roma #|Via Garibaldi #|Corso Italia #|Piazza Dante #", "S.r.l.|S.p.A.",
        "20121:Milano|40121:Bologna|10121:Torino|39100:Bolzano", "IT19999999999",
    ),
    "PL": Region(
        "Agnieszka|Piotr|Małgorzata|Łukasz|Zofia|Paweł", "Kowalski|Wiśniewski|Wójcik|Kamiński|Zieliński|Dąbrowski",
        "ul. Długa #|ul. Szkolna #|ul. Polna #|ul. Kościelna #", "Sp. z o.o.|S.A.",
        "00-001:Warszawa|31-001:Kraków|50-001:Wrocław|61-001:Poznań", "PL1999999999",
    ),
    "BE": Region(
        "Emma|Lucas|Louise|Arthur", "Peeters|Janssens|Dubois|Lambert", "Kerkstraat #|Rue Neuve #|Stationsstraat #",
        "BV|SRL|NV", "1000:Bruxelles|2000:Antwerpen|9000:Gent", "BE0199999999",
    ),
    "ES": Region(
        "Lucía|Álvaro|María|José", "García|Núñez|López|Muñoz", "Calle Mayor #|Avenida del Sol #|Plaza Nueva #",
        "S.L.|S.A.", "28001:Madrid|08001:Barcelona|46001:Valencia", "ESB19999999",
    ),
    "DK": Region(
        "Søren|Ida|Frederik|Freja", "Nielsen|Jørgensen|Sørensen|Møller", "Østergade #|Nørregade #|Strandvejen #",
        "ApS|A/S", "1050:København|8000:Aarhus|5000:Odense", "DK19999999",
    ),
    "CZ": Region(
        "Tomáš|Eliška|Jiří|Kateřina", "Novák|Dvořák|Černý|Procházka", "Dlouhá #|Nádražní #|Zahradní #",
        "s.r.o.|a.s.", "110 00:Praha|602 00:Brno", "CZ19999999",
    ),
    "SE": Region(
        "Astrid|Oskar|Maja|Björn", "Andersson|Lindström|Åkesson|Sjöberg", "Storgatan #|Kungsgatan #|Skolvägen #",
        "AB", "111 20:Stockholm|411 03:Göteborg|211 20:Malmö", "SE199999999901",
    ),
    "CH": Region(
        "Urs|Vreni|Reto|Céline", "Meier|Keller|Favre|Bühler", "Bahnhofstrasse #|Seestrasse #|Dorfstrasse #", "AG|GmbH",
        "8001:Zürich|3011:Bern|4051:Basel|9000:St. Gallen",
    ),
    "GB": Region(
        "Oliver|Charlotte|Harry|Amelia", "Taylor|Hughes|Bennett|Clarke", "# High Street|# Station Road|# Church Lane",
        "Ltd|plc", "EC1A 1BB:London|M1 1AE:Manchester|BS1 4ST:Bristol",
    ),
    "US": Region(
        "Ethan|Grace|Mason|Abigail", "Johnson|Miller|Reed|Foster", "# Main Street|# Oak Avenue|# Park Road", "Inc.|LLC",
        "10001:New York:NY|78701:Austin:TX|98101:Seattle:WA",
    ),
}  # fmt: skip
