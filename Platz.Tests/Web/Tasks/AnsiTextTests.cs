using Platz.Web.Tasks;

namespace Platz.Tests.Web.Tasks;

public sealed class AnsiTextTests
{
    [Fact]
    public void Colours_become_classes()
    {
        var spans = AnsiText.Parse("plain \u001b[1;31mred\u001b[0m \u001b[92mgreen");

        Assert.Equal(
            [new("plain ", null), new("red", "ansi-fg-1 ansi-bold"), new(" ", null), new("green", "ansi-fg-10")], spans);
    }

    [Theory]
    [InlineData("\u001b[2J\u001b[Hcleared", "cleared")]
    [InlineData("\u001b]8;;javascript:alert(1)\u001b\\link\u001b]8;;\a", "link")]
    [InlineData("\u001b]52;c;aGVsbG8=\acopied", "copied")]
    [InlineData("\u001b]never ends", "")]
    [InlineData("\u001b(Bboxes", "boxes")]
    [InlineData("\u001b[38;5;196mmany\u001b[48;2;1;2;3mcolours", "manycolours")]
    [InlineData("\u001b[?25lcursor", "cursor")]
    [InlineData("end \u001b", "end ")]
    [InlineData("end \u001b[", "end ")]
    public void Everything_else_a_terminal_would_obey_is_dropped(string line, string text) =>
        Assert.Equal(text, AnsiText.Strip(line));

    [Theory]
    [InlineData("bell\a", "bell\u2407")]
    [InlineData("re\rturn", "re\u240dturn")]
    [InlineData("a\u202eb", "a⟦U+202E⟧b")]
    [InlineData("a\u2066b\u200bc", "a⟦U+2066⟧b⟦U+200B⟧c")]
    public void What_hides_or_turns_text_is_shown_as_a_symbol(string line, string text) =>
        Assert.Equal(text, AnsiText.Strip(line));

    [Fact]
    public void A_256_colour_code_does_not_spill_into_the_next_one() =>
        Assert.Equal([new("x", "ansi-bold")], AnsiText.Parse("\u001b[38;5;31;1mx"));
}
