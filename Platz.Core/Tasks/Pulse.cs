namespace Platz.Core.Tasks;

/// <summary>How what a page is about stands, as far as the title and the icon of the page can tell.</summary>
public enum Pulse
{
    Calm,
    Running,
    Failed,
}
