"""A hunt for wrong numbers: lists of known truth go the road of an import, dry, and every number that comes out is judged.

    regions, words, numbers   what lists are made of: countries, headers, valid numbers
    writings                  how people write a number
    draft                     a list while it is made, and what is true of it
    kinds, kinds_*            the troubles: each makes a list that is about one of them
    text_files, workbooks     the list as a file
    cases                     seed and place → file and truth
    road                      the only module that touches the product
    judge                     what came out beside what is true
    run                       many lists, counted by kind

Nothing here takes words from the detectors it hunts: headers are written by hand (`words.tsv`), names come from Faker,
numbers from the phonenumbers library.
"""
