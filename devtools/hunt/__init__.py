"""A search for wrong numbers: lists whose truth is known are imported without sending, and every number that comes out is
checked.

    regions, words, numbers   what lists are made of: countries, headers, valid numbers
    writings                  how people write a number
    draft                     a list while it is made, and what is true of it
    kinds, kinds_*            the defects: each makes a list that is about one of them
    text_files, workbooks     the list as a file
    cases                     seed and index → file and truth
    journey                   the only module that touches the product
    checker                   what came out beside what is true
    run                       many lists, counted by kind

Nothing here takes words from the detectors it tests: headers are written by hand (`words.tsv`), names come from Faker,
numbers from the phonenumbers library.
"""
