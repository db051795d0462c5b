namespace Shortline.Hosting;

/// <summary>Section <c>cluster</c>: how silos and gateways find each other.</summary>
public sealed record ClusterSettings
{
    /// <summary>Members and grain state in one SQLite file of this user: for one machine, with nothing to install.</summary>
    public const string Sqlite = "sqlite";

    /// <summary>Members and grain state in the memory of one process that hosts everything. Not a setting: a program chooses it.</summary>
    public const string Localhost = "localhost";

    /// <summary>Members and grain state in a PostgreSQL database.</summary>
    public const string PostgreSql = "postgresql";

    /// <summary>Members and grain state in a Redis server.</summary>
    public const string Redis = "redis";

    /// <summary>Silos and gateways with the same one belong together. 1 to 64 letters, digits, <c>-</c>, <c>_</c> or <c>.</c>.</summary>
    public string Id { get; init; } = "shortline";

    /// <summary>Where members and grain state are kept: <see cref="Sqlite"/>, <see cref="PostgreSql"/> or <see cref="Redis"/>.</summary>
    public string Membership { get; init; } = Sqlite;

    /// <summary>The server of <see cref="PostgreSql"/> or <see cref="Redis"/>, which need it. A secret: never in a log or a message.</summary>
    public string ConnectionString { get; init; } = "";

    /// <summary>Address where silos listen for each other and for gateways; not <c>127.0.0.1</c> only with <see cref="PostgreSql"/> or <see cref="Redis"/>.</summary>
    public string Address { get; init; } = "127.0.0.1";

    /// <summary>First TCP port of silos; a silo takes the first one that is free. 1 to 65535.</summary>
    public int SiloPortRangeStart { get; init; } = 11_111;

    /// <summary>Port after the last of silos. Above <see cref="SiloPortRangeStart"/>, to 65536.</summary>
    public int SiloPortRangeEnd { get; init; } = 11_211;

    /// <summary>First TCP port where silos listen for gateways; the silo with the nth port of silos has the nth from here. 1 to 65535.</summary>
    public int ClientPortRangeStart { get; init; } = 30_000;

    /// <summary>
    /// PEM or PFX file with the certificate that this process presents to silos and gateways of its cluster. Empty for connections
    /// without TLS. All processes of a cluster have one, or none.
    /// </summary>
    public string Certificate { get; init; } = "";

    /// <summary>PEM file with the private key of <see cref="Certificate"/>; empty if the certificate's own file has it.</summary>
    public string CertificateKey { get; init; } = "";

    /// <summary>Password of the private key or of the PFX file; empty for none. A secret: never in a log or a message.</summary>
    public string CertificatePassword { get; init; } = "";

    /// <summary>
    /// PEM file with the certificate of the authority that signed the certificates of all processes of the cluster. Empty for the
    /// self-signed certificate in the file of <see cref="Certificate"/>.
    /// </summary>
    public string CertificateAuthority { get; init; } = "";

    /// <summary>Everything but the secrets.</summary>
    public override string ToString() => $"cluster {Id}, membership {Membership}, address {Address}";
}
