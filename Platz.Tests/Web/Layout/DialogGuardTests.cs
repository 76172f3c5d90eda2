using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Platz.Tests.Support;
using Platz.Web.Layout;
using Platz.Web.Shared;

namespace Platz.Tests.Web.Layout;

/// <summary>A dialog that fails is one dialog less, and no more than that.</summary>
public sealed class DialogGuardTests(PostgresServer postgres) : PageTest(postgres)
{
    [Fact]
    public async Task The_next_dialog_opens_after_one_that_failed()
    {
        var overlays = Page.Render<Overlays>();
        var screen = Page.Services.GetRequiredService<Screen>();

        Assert.Null(await overlays.InvokeAsync(() => screen.AskAsync<Broken, string>("Broken", [])).WaitAsync(Patience, Cancel));

        var next = overlays.InvokeAsync(screen.AskBeforeLeavingAsync);
        overlays.WaitForAssertion(() => Assert.Contains("Leave the form?", overlays.Find(".mud-dialog").TextContent), Patience);
        Assert.Contains("our fault", overlays.Find(".mud-snackbar").TextContent);
        await overlays.InvokeAsync(() => overlays.FindAll(".mud-dialog button").First(b => b.TextContent.Trim() == "Leave").Click());
        Assert.True(await next.WaitAsync(Patience, Cancel));
    }

    private sealed class Broken : ComponentBase
    {
        protected override void OnInitialized() => throw new InvalidOperationException("It cannot be shown.");
    }
}
