using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server.Circuits;

namespace Platz.Web.SignIn;

/// <summary>What is clicked in an open page after its session has ended is not done (security.md 4).</summary>
internal sealed class CircuitGate(AuthenticationStateProvider session) : CircuitHandler
{
    public override Func<CircuitInboundActivityContext, Task> CreateInboundActivityHandler(
        Func<CircuitInboundActivityContext, Task> next) => async context =>
        {
            if (session is not LiveSession live || await live.GoesOnAsync(CancellationToken.None))
            {
                await next(context);
            }
        };

    public override async Task OnCircuitOpenedAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        if (session is LiveSession live)
        {
            await live.GoesOnAsync(cancellationToken); // and follows from now on
        }
    }
}
