using MudBlazor;
using Platz.Core.Deployments;

namespace Platz.Web.Theme;

/// <summary>How what a chart reports looks; always beside its word.</summary>
public static class ReportedLook
{
    public static string Class(ReportedColor color) => color switch
    {
        ReportedColor.Primary => "chip-primary",
        ReportedColor.Success => "chip-good",
        ReportedColor.Danger => "chip-bad",
        ReportedColor.Warning => "chip-warn",
        _ => "chip-off",
    };

    public static string Glyph(ReportedColor color) => color switch
    {
        ReportedColor.Success => Icons.Material.Filled.CheckCircle,
        ReportedColor.Danger => Icons.Material.Filled.Error,
        ReportedColor.Warning => Icons.Material.Filled.Warning,
        _ => Icons.Material.Filled.Info,
    };

    public static (string Class, string Glyph) Of(NoticeLevel level) => level switch
    {
        NoticeLevel.Danger => ("notice-bad", Icons.Material.Filled.Error),
        NoticeLevel.Warning => ("", Icons.Material.Filled.Warning),
        _ => ("notice-info", Icons.Material.Filled.Info),
    };
}
