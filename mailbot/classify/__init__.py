"""Letter to verdict: what does the writer ask for?"""
