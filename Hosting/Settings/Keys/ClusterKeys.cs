namespace Shortline.Hosting;

/// <summary>Section <c>cluster</c>.</summary>
internal static class ClusterKeys
{
    private static readonly string[] Memberships = [ClusterSettings.Sqlite, ClusterSettings.PostgreSql];

    public static IEnumerable<SettingKey> All { get; } =
        new SectionKeys<ClusterSettings>("cluster", all => all.Cluster, (all, section) => all with { Cluster = section })
        {
            {
                "id", s => s.Id, (s, v) => s with { Id = v }, new ShortName(),
                "Silos and gateways with the same one belong together."
            },
            {
                "membership", s => s.Membership, (s, v) => s with { Membership = v }, new OneOf(Memberships),
                "Where members and grain state are kept: in a SQLite file of this user, for one machine, or in a PostgreSQL database."
            },
            {
                "folder", s => s.Folder, (s, v) => s with { Folder = v }, new FolderName(),
                "Folder of the SQLite file with `membership` `sqlite`, on a local disk; empty: `shortline` in the user's folder for application data (on Linux `~/.local/share`)."
            },
            {
                "connection_string", s => s.ConnectionString, (s, v) => s with { ConnectionString = v }, new ConnectionString(),
                "The PostgreSQL database; needed with `membership` `postgresql`. A secret: it is in no log and no message."
            },
            {
                "address", s => s.Address, (s, v) => s with { Address = v }, new OwnAddress(),
                "Address where silos listen for each other and for gateways."
            },
            {
                "silo_port_range_start", s => s.SiloPortRangeStart, (s, v) => s with { SiloPortRangeStart = v }, new WholeNumber<int>(1, 65_535),
                "First TCP port of silos; a silo takes the first one that is free."
            },
            {
                "silo_port_range_end", s => s.SiloPortRangeEnd, (s, v) => s with { SiloPortRangeEnd = v }, new WholeNumber<int>(2, 65_536),
                "Port after the last of silos."
            },
            {
                "client_port_range_start", s => s.ClientPortRangeStart,
                (s, v) => s with { ClientPortRangeStart = v }, new WholeNumber<int>(1, 65_535),
                "First TCP port where silos listen for gateways; the silo with the nth port of silos has the nth from here."
            },
        };
}
