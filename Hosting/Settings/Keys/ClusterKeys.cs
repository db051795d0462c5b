namespace Shortline.Hosting;

/// <summary>Section <c>cluster</c>.</summary>
internal static class ClusterKeys
{
    private static readonly string[] Memberships = [ClusterSettings.Sqlite, ClusterSettings.PostgreSql, ClusterSettings.Redis];

    public static IEnumerable<SettingKey> All { get; } =
        new SectionKeys<ClusterSettings>("cluster", all => all.Cluster, (all, section) => all with { Cluster = section })
        {
            {
                "id", s => s.Id, (s, v) => s with { Id = v }, new ShortName(),
                "Silos and gateways with the same one belong together."
            },
            {
                "membership", s => s.Membership, (s, v) => s with { Membership = v }, new OneOf(Memberships),
                "Where members and grain state are kept: in a SQLite file of this user, for one machine, or in a PostgreSQL database or a Redis server."
            },
            {
                "connection_string", s => s.ConnectionString, (s, v) => s with { ConnectionString = v }, new ConnectionString(),
                "The server of `membership` `postgresql` or `redis`, which need it. A secret: it is in no log and no message."
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
            {
                "certificate", s => s.Certificate, (s, v) => s with { Certificate = v }, new FileName(),
                "PEM or PFX file with this process' certificate for TLS between silos and from gateways to silos. All processes of a cluster have one, or none."
            },
            {
                "certificate_key", s => s.CertificateKey, (s, v) => s with { CertificateKey = v }, new FileName(),
                "PEM file with the certificate's private key, if the certificate's own file does not have it."
            },
            {
                "certificate_password", s => s.CertificatePassword, (s, v) => s with { CertificatePassword = v }, new SecretText(),
                "Password of the private key or the PFX file. A secret: it is in no log and no message."
            },
            {
                "certificate_authority", s => s.CertificateAuthority, (s, v) => s with { CertificateAuthority = v }, new FileName(),
                "PEM file with the certificate of the authority that signed the certificates of all processes; without it the self-signed one in `certificate`."
            },
        };
}
