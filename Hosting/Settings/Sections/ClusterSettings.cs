using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;

namespace Shortline.Hosting;

/// <summary>Section <c>cluster</c>: how silos and gateways find each other.</summary>
public sealed record ClusterSettings
{
    /// <summary>Membership in memory, for the silos of one machine. It needs no database.</summary>
    public const string Localhost = "localhost";

    /// <summary>Membership in a PostgreSQL database.</summary>
    public const string PostgreSql = "postgresql";

    /// <summary>Name of the cluster. Silos and gateways with the same id form a cluster.</summary>
    [ConfigurationKeyName("id"), Text(TextKind.ShortName)]
    public string Id { get; init; } = "shortline";

    /// <summary>Where the members of the cluster are recorded: in memory, for one machine, or in a PostgreSQL database.</summary>
    [ConfigurationKeyName("membership"), AllowedValues(Localhost, PostgreSql)]
    public string Membership { get; init; } = Localhost;

    /// <summary>The PostgreSQL database. Required with <c>membership</c> <c>postgresql</c>. A secret: no log or message shows it.</summary>
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

    /// <summary>Describes the section without its secret.</summary>
    public override string ToString() => $"cluster {Id}, membership {Membership}, address {Address}";
}
