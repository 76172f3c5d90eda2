using System.Collections.Concurrent;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Platz.Tests.Support;
using Platz.Tests.Web.Access;

namespace Platz.Tests.Web.Layout;

/// <summary>
/// Every page there is, with what it names there, unknown, and kept from the reader: it is never blank, from its first
/// render to its last, and says what is the matter.
/// </summary>
public sealed class NoBlankPageTests(PostgresServer postgres) : AllPagesTest(postgres)
{
    private readonly ConcurrentBag<string> _blank = [];

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Pages.OnMarkupUpdated += (_, _) => NoteBlank();
    }

    [Fact]
    public async Task Whoever_may_see_it_is_shown_it()
    {
        foreach (var page in PageTable.Of(World).Where(page => page.Template != PageTable.NotFound))
        {
            Assert.DoesNotContain(await OpenAsync(page.There), (string[])[NotFoundTitle, NotAllowedTitle]);
        }

        Assert.Empty(_blank);
    }

    [Fact]
    public async Task What_is_unknown_is_said_not_to_be_there()
    {
        foreach (var address in PageTable.Of(World).SelectMany(page => page.Unknown))
        {
            Assert.Equal((address, NotFoundTitle), (address, await OpenAsync(address)));
        }

        Assert.Empty(_blank);
    }

    [Fact]
    public async Task Whoever_may_not_see_it_is_told_so()
    {
        await MakeAliceAsync();
        foreach (var page in PageTable.Of(World))
        {
            await OpenAsync(page.There);
        }

        Assert.Empty(_blank);
    }

    private void NoteBlank()
    {
        if (Pages.Markup.AsSpan().Trim().IsEmpty || Pages.Nodes.All(node => node.TextContent.Trim().Length == 0))
        {
            _blank.Add(Page.Services.GetRequiredService<NavigationManager>().Uri);
        }
    }
}
