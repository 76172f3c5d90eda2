using Microsoft.Extensions.Options;
using Platz.Core.Audit;
using Platz.Web.Security;
using Platz.Web.SignIn;

namespace Platz.Web.Audit;

/// <summary>What the web process is set to, as the audit trail is told: who may enter, as what, and from where.</summary>
internal sealed class WebSettings(
    ConfiguredSettings trail, IOptions<SignInOptions> signIn, IOptions<EdgeOptions> edge, IOptions<LimitOptions> limits)
{
    public IReadOnlyList<ConfiguredSetting> All =>
    [
        .. ConfiguredSetting.Of(
            SignInOptions.Section, signIn.Value,
            nameof(SignInOptions.ClientSecret), nameof(SignInOptions.ClientSecretFile)),
        .. ConfiguredSetting.Of(EdgeOptions.Section, edge.Value, nameof(EdgeOptions.Cors)),
        .. ConfiguredSetting.Of($"{EdgeOptions.Section}:{nameof(EdgeOptions.Cors)}", edge.Value.Cors),
        .. ConfiguredSetting.Of(LimitOptions.Section, limits.Value),
    ];

    public Task TellAsync(CancellationToken cancel) => trail.TellAsync("web", All, cancel);
}
