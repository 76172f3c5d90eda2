using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using MudBlazor;
using Platz.Core.Data;
using Platz.Web.Shared;

namespace Platz.Web.Layout;

/// <summary>Around the dialogs: one that fails is gone, with what was open beside it, and the page beneath goes on.</summary>
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

    protected override async Task OnErrorAsync(Exception exception)
    {
        LogFailed(exception);
        screen.LeaveDialogs();
        screen.Say((Words(exception), Severity.Error));
        await Task.Yield(); // the boundary notes what failed only when this has returned
        Recover();
    }

    private static string Words(Exception exception) => DatabaseTrouble.IsDown(exception)
        ? Screen.NoDatabase
        : "Something went wrong here. It is our fault, not yours.";

    [LoggerMessage(LogLevel.Error, "A dialog failed")]
    private partial void LogFailed(Exception e);
}
