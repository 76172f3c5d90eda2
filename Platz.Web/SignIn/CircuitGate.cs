using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server.Circuits;

namespace Platz.Web.SignIn;

/// <summary>
/// What is clicked in an open page after its session has ended is not done (security.md 4). The circuit does not wait for
/// one thing before it takes the next: while the database is asked the later ones stand in line, or Enter would save a
/// form without the field that was left by it.
/// </summary>
internal sealed class CircuitGate(AuthenticationStateProvider session) : CircuitHandler
{
    private Task _last = Task.CompletedTask;

    public override Func<CircuitInboundActivityContext, Task> CreateInboundActivityHandler(
        Func<CircuitInboundActivityContext, Task> next) => context =>
            session is LiveSession live ? PassAsync(live, () => next(context)) : next(context);

    public override async Task OnCircuitOpenedAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        if (session is LiveSession live)
        {
            await live.GoesOnAsync(cancellationToken); // and follows from now on
        }
    }

    private async Task PassAsync(LiveSession live, Func<Task> nextAsync)
    {
        var (earlier, begun) = (_last, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        _last = begun.Task;
        Task passed;
        try
        {
            await earlier;
            if (!await live.GoesOnAsync(CancellationToken.None))
            {
                return;
            }

            passed = nextAsync();
        }
        finally
        {
            begun.SetResult(); // not sooner: who has been told that it may pass may still be overtaken
        }

        await passed;
    }
}
