using System.Text;
using Platz.Web.Activity.Export;

namespace Platz.Tests.Web.Activity;

public sealed class CsvTextTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("say \"no\"", "\"say \"\"no\"\"\"")]
    [InlineData("two\nlines", "\"two\nlines\"")]
    [InlineData("", "")]
    [InlineData("Grüße 🚀", "Grüße 🚀")]
    public void A_text_is_quoted_where_it_must_be(string text, string expected) => Assert.Equal(expected, Line(text));

    [Theory]
    [InlineData("=1+1")]
    [InlineData("+49 30 1234")]
    [InlineData("-2")]
    [InlineData("@SUM(A1)")]
    [InlineData("\t=1+1")]
    [InlineData("\r=1+1")]
    [InlineData("\n=1+1")]
    [InlineData("=HYPERLINK(\"http://evil.example\";\"click\")")]
    [InlineData("＝1+1")]
    public void No_text_begins_as_a_formula(string text)
    {
        var line = Line(text);

        Assert.StartsWith("\"'", line, StringComparison.Ordinal);
        Assert.EndsWith("\"", line, StringComparison.Ordinal);
    }

    [Fact]
    public void Lines_end_as_the_standard_says_and_nothing_is_empty()
    {
        var text = new StringBuilder();
        CsvText.Append(text, ["id", null, 7]);

        Assert.Equal("id,,7\r\n", text.ToString());
    }

    private static string Line(string text)
    {
        var line = new StringBuilder();
        CsvText.Append(line, [text]);
        return line.ToString()[..^2];
    }
}
