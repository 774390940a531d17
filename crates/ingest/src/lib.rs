//! PDFs into pages, words and page images.
