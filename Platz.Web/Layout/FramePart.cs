using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Platz.Web.Live;

namespace Platz.Web.Layout;

/// <summary>
/// A part of the frame around the page: should it fail, the page goes on without it until the database answers again.
/// </summary>
public sealed partial class FramePart(ChangeFeed feed, ILogger<FramePart> log) : ErrorBoundaryBase, IDisposable
{
    protected override void OnInitialized() => feed.CutChanged += Heard;

    public void Dispose() => feed.CutChanged -= Heard;

    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (CurrentException is null)
        {
            builder.AddContent(0, ChildContent);
        }
    }

    /// <summary>Where one goes on to another page the part is tried again.</summary>
    protected override void OnParametersSet() => Recover();

    protected override Task OnErrorAsync(Exception exception)
    {
        LogFailed(exception);
        return Task.CompletedTask;
    }

    private void Heard() => _ = InvokeAsync(Recover);

    [LoggerMessage(LogLevel.Error, "A part of the frame failed")]
    private partial void LogFailed(Exception e);
}
