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
        Func<CircuitInboundActivityContext, Task> next) => async context =>
        {
            if (session is LiveSession live)
            {
                var mayPass = AskAsync(live, _last);
                _last = mayPass;
                if (!await mayPass)
                {
                    return;
                }
            }

            await next(context);
        };

    public override async Task OnCircuitOpenedAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        if (session is LiveSession live)
        {
            await live.GoesOnAsync(cancellationToken); // and follows from now on
        }
    }

    private static async Task<bool> AskAsync(LiveSession live, Task earlier)
    {
        await earlier.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return await live.GoesOnAsync(CancellationToken.None);
    }
}
