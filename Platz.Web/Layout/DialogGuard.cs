using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using MudBlazor;
using Platz.Core.Data;
using Platz.Web.Shared;

namespace Platz.Web.Layout;

/// <summary>Around the dialogs: one that fails is closed and the page beneath goes on.</summary>
public sealed partial class DialogGuard(Screen screen, ILogger<DialogGuard> log) : ErrorBoundaryBase
{
    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (CurrentException is null)
        {
            builder.AddContent(0, ChildContent);
        }
    }

    protected override Task OnErrorAsync(Exception exception)
    {
        LogFailed(exception);
        screen.CloseDialogs();
        screen.Say((Words(exception), Severity.Error));
        Recover();
        return Task.CompletedTask;
    }

    private static string Words(Exception exception) => DatabaseTrouble.IsDown(exception)
        ? "The database does not answer. Try again in a moment."
        : "Something went wrong here. It is our fault, not yours.";

    [LoggerMessage(LogLevel.Error, "A dialog failed")]
    private partial void LogFailed(Exception e);
}
