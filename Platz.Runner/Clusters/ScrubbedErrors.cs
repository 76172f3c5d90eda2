using System.Text;
using Platz.Core.Tasks;

namespace Platz.Runner.Clusters;

/// <summary>
/// Whatever answers in a cluster's place may say again what it was asked with. Errors become summaries, log lines and
/// reasons, so that our credentials are taken out of them where they come in.
/// </summary>
internal sealed class ScrubbedErrors(IEnumerable<string> secrets) : DelegatingHandler
{
    private readonly Redactor _redactor = new(secrets);

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        if (response.IsSuccessStatusCode || (int)response.StatusCode < 300)
        {
            return response;
        }

        var body = await response.Content.ReadAsStringAsync(cancellationToken);
        if (_redactor.Redact(body) is { } clean && clean != body)
        {
            response.Content = new StringContent(clean, Encoding.UTF8, response.Content.Headers.ContentType?.MediaType ?? "text/plain");
        }

        return response;
    }
}
