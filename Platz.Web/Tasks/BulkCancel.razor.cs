using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Platz.Core.Data;
using Platz.Core.Tasks;
using Platz.Web.Shared;
using Platz.Web.SignIn;

namespace Platz.Web.Tasks;

/// <summary>Offered beside every list of tasks; what is canceled is what the list's filter lets through.</summary>
public sealed partial class BulkCancel(BulkCancellation cancellation, Screen screen)
{
    private (int Done, int Of)? _progress;
    private bool _busy;

    [Parameter, EditorRequired]
    public required TaskFilter Filter { get; set; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    private string Words => _progress is var (done, of) ? $"Canceling: {done} of {of}" : "Cancel these …";

    private async Task AskAsync()
    {
        if (_busy)
        {
            return;
        }

        _busy = true;
        try
        {
            // That of the question, whatever is chosen or queued meanwhile.
            var filter = await cancellation.UntilNowAsync(Filter, CancellationToken.None);
            var actor = (await Authentication).User.Actor;
            var parameters = new Dictionary<string, object?>
            {
                [nameof(BulkCancelDialog.Count)] = await cancellation.CountAsync(filter, actor, CancellationToken.None),
            };
            if (await screen.AskAsync<BulkCancelDialog, BulkRequest>("Cancel these tasks?", parameters) is not { } request)
            {
                return;
            }

            var outcome = await cancellation.CancelAsync(filter, request, actor, Show, CancellationToken.None);
            screen.Say(BulkWords.Of(outcome));
        }
        catch (Exception e) when (DatabaseTrouble.IsDown(e))
        {
            screen.SayNoDatabase();
        }
        finally
        {
            (_busy, _progress) = (false, null);
        }
    }

    private void Show(int done, int of)
    {
        _progress = (done, of);
        if (done % 20 == 0)
        {
            StateHasChanged();
        }
    }
}
