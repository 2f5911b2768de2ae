"""Products, prices with validity, VAT rates. Price plans, variants and coupons have their place here."""
