using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.Options;

namespace Platz.Web.SignIn;

/// <summary>
/// Who the provider says that it is: the issuer of its discovery document, which the one of each token has to be, and
/// which need not be the address that the document was read from.
/// </summary>
internal sealed partial class ProviderIssuer(
    IOptions<SignInOptions> signIn, IOptionsMonitor<OpenIdConnectOptions> provider, ILogger<ProviderIssuer> log)
{
    /// <returns>Whether an issuer is the provider; of any, while it does not answer. Its last answer is kept.</returns>
    public async Task<Predicate<string>> FindAsync(CancellationToken cancel)
    {
        if (!signIn.Value.HasProvider)
        {
            return _ => false;
        }

        try
        {
            var documents = provider.Get(ProviderSignIn.Scheme).ConfigurationManager!;
            var document = await documents.GetConfigurationAsync(cancel);
            return issuer => string.Equals(issuer, document.Issuer, StringComparison.Ordinal);
        }
        catch (InvalidOperationException e) when (!cancel.IsCancellationRequested)
        {
            LogAway(e.Message);
            return _ => true;
        }
    }

    [LoggerMessage(LogLevel.Warning, "The provider does not say who it is: {Reason}")]
    private partial void LogAway(string reason);
}
