using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Platz.Core.Catalog;
using Platz.Core.Data;
using Platz.Core.Identity;
using Platz.Tests.Support;

namespace Platz.Tests.Web.Access;

/// <summary>Signs everybody in, each in the ways there are for them.</summary>
internal sealed class AccessIssuer(World world, WebServer server)
{
    private TokenEditor Tokens => server.Services.GetRequiredService<TokenEditor>();

    public async Task<HttpClient> WithTokenAsync(Who who, CancellationToken cancel)
    {
        var client = server.Client();
        if (who is not Who.Nobody)
        {
            client.DefaultRequestHeaders.Add("x-platz-token", await TokenAsync(who, cancel));
        }

        return client;
    }

    public async Task<HttpClient> WithSessionAsync(Who who, CancellationToken cancel)
    {
        var client = server.Client();
        client.DefaultRequestHeaders.Add("Origin", server.Url.GetLeftPart(UriPartial.Authority));
        if (who is Who.Nobody)
        {
            return client;
        }

        var databases = server.Services.GetRequiredService<IDbContextFactory<PlatzDb>>();
        await using var db = await databases.CreateDbContextAsync(cancel);
        var user = await db.Users.SingleAsync(u => u.Id == world.People[who].Id, cancel);
        client.DefaultRequestHeaders.Add("Cookie", await server.SignInAsync(user, cancel));
        if (who is Who.Ended)
        {
            var ended = await server.Services.GetRequiredService<UserEditor>()
                .EndSessionsAsync(user.Id, except: null, world.People[Who.Ended], cancel);
            Assert.IsType<SettingResult.Saved>(ended);
        }

        return client;
    }

    private async Task<string> TokenAsync(Who who, CancellationToken cancel)
    {
        var (actor, site) = (world.People[who], world.People[Who.Site]);
        if (actor is Actor.Deployment)
        {
            return await server.Services.GetRequiredService<DeploymentTokens>()
                .CreateAsync(actor.Id, TimeSpan.FromMinutes(30), cancel);
        }

        var wanted = actor is Actor.Bot ? NewToken.OfBot(actor.Id, $"{who}") : NewToken.OfUser(actor.Id, $"{who}");
        var made = Assert.IsType<TokenResult.Created>(
            await Tokens.CreateAsync(wanted with { Scope = actor.Scope }, site with { Scope = null }, cancel));
        if (who is Who.Ended)
        {
            Assert.IsType<SettingResult.Saved>(await Tokens.RevokeAsync(made.Id, site, cancel));
        }

        return made.Text;
    }
}
