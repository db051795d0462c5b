namespace Shortline.Unit.Tests.Hosting.Settings;

/// <summary>The connection string is read like every other setting, but no message shows it.</summary>
public sealed class ClusterSettingsTests : IDisposable
{
    private const string Secret = "hush";
    private const string Database = $"Host=db;Username=me;Password={Secret}";

    private readonly SettingsFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void Adjacent_port_ranges_are_allowed() =>
        Assert.Empty(_fixture.Read("--cluster:client_port_range_start", "11211", "--cluster:link_port_range_start", "11311").Faults);

    [Fact]
    public void The_connection_string_can_come_from_the_environment_and_is_not_shown()
    {
        var result = _fixture.Variable("SHORTLINE__cluster__connection_string", Database).Read("--cluster:membership", "postgresql", "--cluster:address", "10.0.0.5");

        Assert.True(result.IsValid, result.Describe());
        Assert.Equal(Database, result.Settings.Cluster.ConnectionString);
        Assert.DoesNotContain(Secret, result.Notice, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, result.Settings.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_address_other_than_loopback_needs_a_shared_database()
    {
        var fault = Assert.Single(_fixture.Read("--cluster:address", "10.0.0.5").Faults);

        Assert.StartsWith("cluster.address = 10.0.0.5: 127.0.0.1, because silos on other machines need cluster.membership postgresql or redis", fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("db:6379")]
    [InlineData("db:6379,password=hush,ssl=true")]
    [InlineData("one:6379,two:6379,password=hush")]
    public void A_Redis_connection_string_is_accepted_for_Redis(string redis)
    {
        var result = _fixture.Read("--cluster:membership", "redis", "--cluster:connection_string", redis, "--cluster:address", "10.0.0.5");

        Assert.True(result.IsValid, result.Describe());
        Assert.Equal(redis, result.Settings.Cluster.ConnectionString);
    }

    [Theory]
    [InlineData("cluster")]
    [InlineData("load_balancer")]
    public void The_password_of_a_certificate_is_not_shown(string section)
    {
        var result = _fixture.Read($"--{section}:certificate", "a.pfx", $"--{section}:certificate_password", Secret);

        Assert.True(result.IsValid, result.Describe());
        Assert.DoesNotContain(Secret, result.Settings.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, _fixture.Read($"--{section}:certificate_password", Secret).Describe(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--cluster:connection_string", "Host=db;Password=hush;nonsense")]
    [InlineData("--cluster:connection_string", "postgresql://me:hush@db/shortline")]
    [InlineData("--cluster:connection_string", "redis://me:hush@db:6379")]
    [InlineData("--cluster:connectionstring", "hush")]
    [InlineData("--cluster:certificate_pasword", "hush")]
    [InlineData("--clutser:conection_string", "hush")]
    [InlineData("--database:url", "Host=db;Pwd=hush")]
    [InlineData("--cluster:", "Host=db;Pwd=hush")]
    public void A_connection_string_that_is_invalid_or_misplaced_is_not_shown(string option, string value)
    {
        var result = _fixture.Read(option, value);

        Assert.False(result.IsValid);
        Assert.DoesNotContain(Secret, result.Describe(), StringComparison.Ordinal);
        Assert.Contains("(not shown)", result.Describe(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "cluster": { "connection_string": { "Password": "hush" } } }""")]
    [InlineData("""{ "cluster": "Host=db;Password=hush" }""")]
    [InlineData("""{ "cluster": { "membership": "etcd", "connection_string": "Host=db;Password=hush;nonsense" } }""")]
    public void A_connection_string_in_a_file_is_not_shown(string json)
    {
        var result = _fixture.File(json).Read();

        Assert.False(result.IsValid);
        Assert.DoesNotContain(Secret, result.Describe(), StringComparison.Ordinal);
    }
}
