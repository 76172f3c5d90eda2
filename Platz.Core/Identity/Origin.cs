using System.Net;
using System.Net.Sockets;

namespace Platz.Core.Identity;

/// <summary>From where and with what somebody acts, for the audit trail.</summary>
/// <param name="TokenId">Null in a browser.</param>
public sealed record Origin(IPAddress? Address, Guid? TokenId)
{
    public static Origin Unknown { get; } = new(null, null);

    /// <summary>As the database keeps it: what it forgets would be missing from the hash of an event.</summary>
    public IPAddress? Address { get; init; } = Plain(Address);

    /// <summary>
    /// An address as it is compared and kept: one of version 4 also where a socket of version 6 has heard it, and
    /// without the network card it came by.
    /// </summary>
    public static IPAddress? Plain(IPAddress? address) => address switch
    {
        { IsIPv4MappedToIPv6: true } => address.MapToIPv4(),
        { AddressFamily: AddressFamily.InterNetworkV6, ScopeId: not 0 } => new IPAddress(address.GetAddressBytes()),
        _ => address,
    };
}
