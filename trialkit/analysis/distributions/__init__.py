"""The distributions that statistics stand on, by scipy's special functions.

scipy.stats says the same to the last digit, and takes nearly as long to load as a plan to be carried out.
"""
