namespace Platz.Tests.Web.Access;

/// <summary>Whoever asks, as they stand to the deployments of the kind Web in the env demo (contract 3).</summary>
public enum Who
{
    Nobody,

    /// <summary>With a session that was ended, or a token that was revoked.</summary>
    Ended,

    /// <summary>Deactivated after they had signed in and made a token.</summary>
    Inactive,

    /// <summary>A user in no env.</summary>
    Stranger,

    /// <summary>Admin of another env, and Owner of the kind there.</summary>
    Elsewhere,

    /// <summary>User of the env.</summary>
    Member,

    /// <summary>Maintainer of another kind.</summary>
    Other,
    Maintainer,
    Owner,

    /// <summary>Admin of the env.</summary>
    Admin,

    /// <summary>A site admin.</summary>
    Site,

    /// <summary>A bot without roles.</summary>
    Idle,

    /// <summary>A bot that is Maintainer of the kind.</summary>
    Ci,

    /// <summary>A site admin's token for this env and no more than Maintainer.</summary>
    Capped,

    /// <summary>A site admin's token for another env.</summary>
    Away,

    /// <summary>An Owner's token for no more than a User.</summary>
    Reader,

    /// <summary>The credentials of the deployment that is asked about.</summary>
    Shop,
}
