using Platz.Core.Catalog;

namespace Platz.Web.Markdown;

/// <summary>Addresses that people, charts and registries give, before they become a link.</summary>
public static class SafeLink
{
    /// <summary>The address of a page elsewhere or here; null for one that could do more than open a page.</summary>
    public static string? Of(string? address)
    {
        var trimmed = address?.Trim() ?? "";
        if (trimmed.Length == 0 || trimmed.Any(char.IsControl))
        {
            return null; // browsers drop line feeds and tabs: "java\nscript:" would run
        }

        if (IsLocal(trimmed))
        {
            return trimmed;
        }

        return IsMail(trimmed) || WebAddress.Parse(trimmed) is not null ? trimmed : null;
    }

    /// <summary>A path of ours. Two slashes, or a backslash that browsers read as one, lead to another host.</summary>
    private static bool IsLocal(string address) =>
        address[0] == '#' || (address[0] == '/' && (address.Length == 1 || address[1] is not ('/' or '\\')));

    private static bool IsMail(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeMailto;
}
