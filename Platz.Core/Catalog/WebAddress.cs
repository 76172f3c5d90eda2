namespace Platz.Core.Catalog;

/// <summary>The address of a site that a browser is sent to.</summary>
public static class WebAddress
{
    /// <returns>Null for what is not on the web, and for what carries a password.</returns>
    public static Uri? Parse(string? address) =>
        Uri.TryCreate(address?.Trim(), UriKind.Absolute, out var uri)
            && uri.Scheme is "http" or "https" && uri.UserInfo.Length == 0 && uri.Host.Length > 0 ? uri : null;
}
