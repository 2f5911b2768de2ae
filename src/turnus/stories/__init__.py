"""Work across apps that is no step of the main story: rendering after commit, the worker, the doctor."""
