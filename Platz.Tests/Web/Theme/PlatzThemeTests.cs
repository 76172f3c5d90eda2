using System.Globalization;
using System.Text.RegularExpressions;
using MudBlazor;
using Platz.Tests.Support;
using Platz.Web.Theme;

namespace Platz.Tests.Web.Theme;

/// <summary>The stylesheet and MudBlazor's theme agree, and both can be read by everybody.</summary>
public sealed partial class PlatzThemeTests
{
    private static readonly string s_css = File.ReadAllText(
        Path.Combine(Repository.Root, "Platz.Web", "wwwroot", "app.css"));

    [Fact]
    public void Stylesheet_and_theme_have_the_same_colours()
    {
        AssertSame(Light, PlatzTheme.Theme.PaletteLight);
        AssertSame(Dark, PlatzTheme.Theme.PaletteDark);
    }

    [Theory]
    [InlineData("text", 7)]
    [InlineData("muted", 4.5)]
    [InlineData("accent", 4.5)]
    [InlineData("good", 4.5)]
    [InlineData("bad", 4.5)]
    [InlineData("warn", 4.5)]
    [InlineData("busy", 4.5)]
    [InlineData("field", 3)]
    public void Colours_stand_out_from_every_ground(string color, double least)
    {
        foreach (var theme in new[] { Light, Dark })
        {
            foreach (var ground in new[] { "bg", "surface", "sunken" })
            {
                var contrast = Contrast(theme[color], theme[ground]);
                Assert.True(contrast >= least, $"{color} {theme[color]} on {ground} {theme[ground]}: {contrast:0.00}");
            }
        }
    }

    [Fact]
    public void The_word_on_a_filled_button_can_be_read()
    {
        Assert.True(Contrast(Light["on-accent"], Light["accent"]) >= 4.5);
        Assert.True(Contrast(Dark["on-accent"], Dark["accent"]) >= 4.5);
    }

    private static readonly int s_dark = s_css.IndexOf("[data-theme=dark]", StringComparison.Ordinal);

    private static Dictionary<string, string> Light => Colors(s_css[..s_dark]);

    private static Dictionary<string, string> Dark => Colors(s_css[s_dark..]);

    private static Dictionary<string, string> Colors(string css) =>
        Variable.Matches(css).ToDictionary(m => m.Groups[1].Value, m => m.Groups[2].Value);

    private static void AssertSame(Dictionary<string, string> css, Palette palette)
    {
        Assert.Equal(
            [
                css["bg"], css["surface"], css["text"], css["muted"], css["line"], css["field"], css["accent"],
                css["on-accent"],
            ],
            [.. new[]
            {
                palette.Background, palette.Surface, palette.TextPrimary, palette.TextSecondary, palette.LinesDefault,
                palette.LinesInputs, palette.Primary, palette.PrimaryContrastText,
            }.Select(Hex)]);
        Assert.Equal(
            [css["good"], css["bad"], css["warn"], css["busy"]],
            [.. new[] { palette.Success, palette.Error, palette.Warning, palette.Info }.Select(Hex)]);
    }

    private static string Hex(MudBlazor.Utilities.MudColor color) => $"#{color.R:x2}{color.G:x2}{color.B:x2}";

    private static double Contrast(string a, string b)
    {
        var (x, y) = (Luminance(a), Luminance(b));
        return (Math.Max(x, y) + 0.05) / (Math.Min(x, y) + 0.05);
    }

    private static double Luminance(string hex) =>
        0.2126 * Channel(hex, 1) + 0.7152 * Channel(hex, 3) + 0.0722 * Channel(hex, 5);

    private static double Channel(string hex, int start)
    {
        var value = int.Parse(hex.AsSpan(start, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0;
        return value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);
    }

    [GeneratedRegex("--([a-z-]+): (#[0-9a-f]{6});")]
    private static partial Regex Variable { get; }
}
