using MudBlazor;

namespace Platz.Web.Theme;

/// <summary>
/// What MudBlazor's components look like; the same colours as <c>wwwroot/app.css</c>, which dresses everything else (a
/// test compares the two).
/// </summary>
public static class PlatzTheme
{
    private static readonly string[] s_fonts =
        ["system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "Ubuntu", "Cantarell", "sans-serif"];

    public static readonly MudTheme Theme = new()
    {
        PaletteLight = new PaletteLight
        {
            Primary = "#2456c9",
            Secondary = "#566072",
            Background = "#f5f6f9",
            Surface = "#ffffff",
            AppbarBackground = "#ffffff",
            AppbarText = "#1b2330",
            TextPrimary = "#1b2330",
            TextSecondary = "#566072",
            ActionDefault = "#566072",
            LinesDefault = "#dce1ea",
            LinesInputs = "#747e90",
            Divider = "#dce1ea",
            Success = "#1a7432",
            Error = "#b3261e",
            Warning = "#8a5300",
            Info = "#1f5fae",
        },
        PaletteDark = new PaletteDark
        {
            Primary = "#8fb0ff",
            PrimaryContrastText = "#0d1526",
            Secondary = "#a3afc2",
            Background = "#11151b",
            Surface = "#191f28",
            AppbarBackground = "#191f28",
            AppbarText = "#e5e9f0",
            TextPrimary = "#e5e9f0",
            TextSecondary = "#a3afc2",
            ActionDefault = "#a3afc2",
            LinesDefault = "#2d3643",
            LinesInputs = "#76839a",
            Divider = "#2d3643",
            Success = "#63d07e",
            SuccessContrastText = "#08210f",
            Error = "#ff8d85",
            ErrorContrastText = "#330906",
            Warning = "#e6b450",
            WarningContrastText = "#2b1c00",
            Info = "#7dbbff",
            InfoContrastText = "#03203f",
        },
        LayoutProperties = new LayoutProperties { DefaultBorderRadius = "6px", AppbarHeight = "52px" },
        Typography = new Typography
        {
            Default = new DefaultTypography
            {
                FontFamily = s_fonts,
                FontSize = ".875rem",
                LineHeight = "1.45",
                LetterSpacing = "normal",
            },
            Button = new ButtonTypography
            {
                FontFamily = s_fonts,
                FontSize = ".875rem",
                FontWeight = "600",
                LetterSpacing = "normal",
                TextTransform = "none",
            },
            H6 = new H6Typography
            {
                FontFamily = s_fonts,
                FontSize = "1.05rem",
                FontWeight = "650",
                LetterSpacing = "normal",
            },
        },
    };
}
