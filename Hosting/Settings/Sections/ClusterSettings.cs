using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;
using Shortline.Hosting.Settings.Schema;

namespace Shortline.Hosting.Settings.Sections;

/// <summary>Section <c>cluster</c>: how silos and gateways find each other.</summary>
public sealed record ClusterSettings
{
    /// <summary>Members and grain state in one SQLite file of this user, for one machine.</summary>
    public const string Sqlite = "sqlite";

    /// <summary>Members and grain state in a PostgreSQL database.</summary>
    public const string PostgreSql = "postgresql";

    /// <summary>Members and grain state in a Redis server.</summary>
    public const string Redis = "redis";

    /// <summary>Members and grain state in the memory of one process that hosts everything. Not a setting: a program chooses it.</summary>
    public const string Localhost = "localhost";

    /// <summary>Name of the cluster. Silos and gateways with the same id form a cluster.</summary>
    [ConfigurationKeyName("id"), Text(TextKind.ShortName)]
    public string Id { get; init; } = "shortline";

    /// <summary>Where members and grain state are kept: in a SQLite file of this user, for one machine, or in a PostgreSQL database or a Redis server, for several.</summary>
    [ConfigurationKeyName("membership"), AllowedValues(Sqlite, PostgreSql, Redis)]
    public string Membership { get; init; } = Sqlite;

    /// <summary>Folder of the SQLite file with <c>membership</c> <c>sqlite</c>, on a local disk. If empty, <c>shortline</c> in the user's folder for application data (on Linux <c>~/.local/share</c>).</summary>
    [ConfigurationKeyName("folder"), Text(TextKind.Folder)]
    public string Folder { get; init; } = "";

    /// <summary>The server of <c>membership</c> <c>postgresql</c> or <c>redis</c>, which require it. A secret: no log or message shows it.</summary>
    [ConfigurationKeyName("connection_string"), Text(TextKind.ConnectionString)]
    public string ConnectionString { get; init; } = "";

    /// <summary>Address on which silos listen for other silos and for gateways.</summary>
    [ConfigurationKeyName("address"), Text(TextKind.OwnAddress)]
    public string Address { get; init; } = "127.0.0.1";

    /// <summary>First TCP port on which silos listen for other silos. A silo takes the first free one.</summary>
    [ConfigurationKeyName("silo_port_range_start"), Range(1, 65_535)]
    public int SiloPortRangeStart { get; init; } = 11_111;

    /// <summary>Port after the last one on which silos listen for other silos.</summary>
    [ConfigurationKeyName("silo_port_range_end"), Range(2, 65_536)]
    public int SiloPortRangeEnd { get; init; } = 11_211;

    /// <summary>First TCP port on which silos listen for gateways. The silo with the nth port for silos has the nth port from here.</summary>
    [ConfigurationKeyName("client_port_range_start"), Range(1, 65_535)]
    public int ClientPortRangeStart { get; init; } = 30_000;

    /// <summary>First TCP port on which silos listen for links, over which gateways send requests. The silo with the nth port for silos has the nth port from here. 0 for any free port.</summary>
    [ConfigurationKeyName("link_port_range_start"), Range(0, 65_535)]
    public int LinkPortRangeStart { get; init; }

    /// <summary>PEM or PFX file with the certificate that this process presents to silos and gateways. All processes of a cluster have one, or none. If empty, connections are not encrypted.</summary>
    [ConfigurationKeyName("certificate"), Text(TextKind.File)]
    public string Certificate { get; init; } = "";

    /// <summary>PEM file with the private key of the certificate, if the certificate's own file does not have it.</summary>
    [ConfigurationKeyName("certificate_key"), Text(TextKind.File)]
    public string CertificateKey { get; init; } = "";

    /// <summary>Password of the private key or of the PFX file. A secret: no log or message shows it.</summary>
    [ConfigurationKeyName("certificate_password"), Text(TextKind.Secret)]
    public string CertificatePassword { get; init; } = "";

    /// <summary>PEM file with the certificate of the authority that signed the certificates of all processes. If empty, the self-signed certificate in <c>certificate</c>.</summary>
    [ConfigurationKeyName("certificate_authority"), Text(TextKind.File)]
    public string CertificateAuthority { get; init; } = "";

    /// <summary>Describes the section without its secrets.</summary>
    public override string ToString() => $"cluster {Id}, membership {Membership}, address {Address}";
}
