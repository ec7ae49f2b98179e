from app.gateways.wording import as_text, parts_of

LETTER = """
<h1>Title</h1>
<section data-element="reasons"><h2>Why</h2>
<p>First &amp; foremost.<br>Second line.</p>
<section data-element="ground"><p><strong>Ground</strong> (Art. 1)</p></section></section>
<section data-element="empty"><h2>Only a heading</h2><ul></ul></section>
<ol><li>One</li><li>Two</li></ol>
<ul><li>Red</li>
<li>Blue</li></ul>
<p><a href="https://example.com/">https://example.com/</a> and <a href="mailto:a@example.com">write</a></p>
<section data-element="reasons"><p>Again.</p></section>
"""


def test_each_part_has_its_words_and_a_heading_is_none():
    parts = parts_of(LETTER)
    assert parts["reasons"] == "First & foremost.Second line. Ground (Art. 1)Again."
    assert parts["ground"] == "Ground (Art. 1)"
    assert parts["empty"] == ""
    assert "court" not in parts


def test_the_same_words_as_plain_text():
    assert as_text(LETTER) == (
        "Title\nWhy\nFirst & foremost.\nSecond line.\n\nGround (Art. 1)\n\nOnly a heading\n"
        "1. One\n2. Two\n\n- Red\n- Blue\n\nhttps://example.com/ and write (a@example.com)\n\nAgain.\n"
    )


def test_a_mark_inside_typed_words_is_no_mark():
    assert dict(parts_of("<p>&lt;section data-element='court'&gt;x</p>")) == {}
