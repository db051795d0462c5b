using System.Text;
namespace Shortline.Unit.Tests.Hosting.Settings;

public sealed class SettingsReaderFaultTests : IDisposable
{
    private readonly SettingsFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Theory]
    [InlineData("server:count", "0", "a whole number from 1 to 10000")]
    [InlineData("server:count", "10001", "a whole number from 1 to 10000")]
    [InlineData("server:count", "1.5", "a whole number from 1 to 10000")]
    [InlineData("server:count", "99999999999999999999", "a whole number from 1 to 10000")]
    [InlineData("server:count", "", "a whole number from 1 to 10000")]
    [InlineData("server:start_id", "-1", "a whole number, at least 0")]
    [InlineData("server:queue_update_interval", "NaN", "a number from 0.05 to 3600")]
    [InlineData("server:queue_update_interval", "1,5", "a number from 0.05 to 3600")]
    [InlineData("logs:level", "loud", "one of trace, debug, information, warning, error, critical, none")]
    [InlineData("load_balancer:address", "1", "an IP address, such as 127.0.0.1 (this machine only), 0.0.0.0 (every IPv4 address) or :: (IPv6 too)")]
    [InlineData("load_balancer:address", "localhost", "an IP address, such as 127.0.0.1 (this machine only), 0.0.0.0 (every IPv4 address) or :: (IPv6 too)")]
    [InlineData("cluster:id", "a b", "1 to 64 letters, digits, -, _ or .")]
    [InlineData("cluster:id", "", "1 to 64 letters, digits, -, _ or .")]
    [InlineData("cluster:membership", "etcd", "one of sqlite, postgresql, redis")]
    [InlineData("cluster:address", "0.0.0.0", "an IP address of this machine, such as 127.0.0.1 or 10.0.0.5, not 0.0.0.0")]
    [InlineData("cluster:address", "::", "an IP address of this machine, such as 127.0.0.1 or 10.0.0.5, not 0.0.0.0")]
    [InlineData("cluster:silo_port_range_end", "65537", "a whole number from 2 to 65536")]
    [InlineData("server:count", "0x10", "a whole number from 1 to 10000")]
    [InlineData("server:count", "#10", "a whole number from 1 to 10000")]
    [InlineData("server:count", "1,000", "a whole number from 1 to 10000")]
    [InlineData("cluster:address", "010.0.0.5", "an IP address of this machine, such as 127.0.0.1 or 10.0.0.5, not 0.0.0.0")]
    [InlineData("nonsense:key", "1", "unknown section; the sections are server, client, load_balancer, controller, cluster, logs")]
    [InlineData("logs:frequency", "1", "unknown key; the keys of logs are directory, level, file_size_limit, files_kept")]
    [InlineData("logs:concurrency", "1", "unknown key; did you mean server.concurrency?")]
    public void A_wrong_value_is_reported_with_the_allowed_values(string key, string value, string allowed)
    {
        var fault = Assert.Single(_fixture.Read($"--{key}", value).Faults);

        Assert.Equal($"{key.Replace(':', '.')} = {value}: {allowed} (command line)", fault);
    }

    [Theory]
    [InlineData("server.max_count", "server.count", "--server:count", "17")]
    [InlineData("server.port_range_end", "server.port_range_start", "--server:port_range_start", "51000")]
    [InlineData("client.port_range_end", "client.port_range_start", "--client:port_range_end", "51000")]
    [InlineData("load_balancer.max_timeout_ms", "load_balancer.default_timeout_ms", "--load_balancer:max_timeout_ms", "4999")]
    [InlineData("controller.stable_window_ms", "controller.panic_window_ms", "--controller:panic_window_ms", "60001")]
    [InlineData("cluster.silo_port_range_end", "cluster.silo_port_range_start", "--cluster:silo_port_range_end", "11111")]
    [InlineData("cluster.client_port_range_start", "cluster.silo_port_range_end", "--cluster:client_port_range_start", "65437")]
    [InlineData("cluster.client_port_range_start", "cluster.silo_port_range_start", "--cluster:client_port_range_start", "11012")]
    [InlineData("cluster.client_port_range_start", "cluster.silo_port_range_start", "--cluster:client_port_range_start", "11210")]
    [InlineData("cluster.link_port_range_start", "cluster.silo_port_range_end", "--cluster:link_port_range_start", "65437")]
    [InlineData("cluster.link_port_range_start", "cluster.silo_port_range_start", "--cluster:link_port_range_start", "11012")]
    [InlineData("cluster.link_port_range_start", "cluster.client_port_range_start", "--cluster:link_port_range_start", "30099")]
    [InlineData("cluster.connection_string", "cluster.membership", "--cluster:membership", "postgresql")]
    [InlineData("cluster.connection_string", "cluster.membership", "--cluster:membership", "redis")]
    [InlineData("cluster.certificate_key", "cluster.certificate", "--cluster:certificate_key", "a.key")]
    [InlineData("cluster.certificate_password", "cluster.certificate", "--cluster:certificate_password", "hush")]
    [InlineData("load_balancer.certificate_key", "load_balancer.certificate", "--load_balancer:certificate_key", "a.key")]
    [InlineData("load_balancer.certificate_password", "load_balancer.certificate", "--load_balancer:certificate_password", "hush")]
    [InlineData("cluster.certificate_authority", "cluster.certificate", "--cluster:certificate_authority", "ca.pem")]
    [InlineData("controller.port", "load_balancer.client_side_port", "--controller:port", "54001")]
    [InlineData("load_balancer.client_side_port", "load_balancer.server_side_port", "--load_balancer:client_side_port", "54000")]
    [InlineData("load_balancer.client_side_port", "server.port_range_start", "--load_balancer:client_side_port", "50999")]
    public void A_contradiction_between_two_settings_names_both(string key, string other, string option, string value)
    {
        var fault = Assert.Single(_fixture.Read(option, value).Faults);

        Assert.StartsWith($"{key} = ", fault, StringComparison.Ordinal);
        var (allowed, origin) = (fault[..fault.LastIndexOf('(')], fault[fault.LastIndexOf('(')..]);
        Assert.Contains(other, allowed, StringComparison.Ordinal);
        Assert.Contains("command line", origin, StringComparison.Ordinal);
        Assert.Contains("default", origin, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_value_is_reported_once() =>
        Assert.Single(_fixture.Read("--server:port_range_start", "70000").Faults);

    [Fact]
    public void Port_0_contradicts_no_other_port() =>
        Assert.Empty(_fixture.Read("--load_balancer:client_side_port", "0").Faults);

    [Theory]
    [InlineData("""{ "server": { "count": 1, "Count": 2 } }""", "config.json, line 1: server.Count is given twice, first in line 1")]
    [InlineData("{ \"server\": {},\n\"server\": {} }", "config.json, line 2: server is given twice, first in line 1")]
    [InlineData("""{ "server": 5 }""", "server = 5: a section, which has keys but no value of its own (config.json, line 1)")]
    [InlineData("""{ "server": { "count": null } }""", "server.count = null: a whole number from 1 to 10000 (config.json, line 1)")]
    [InlineData("""{ "server": { "count": [4] } }""", "server.count = [4]: a whole number from 1 to 10000 (config.json, line 1)")]
    [InlineData("""{ "server": { "count": true } }""", "server.count = true: a whole number from 1 to 10000 (config.json, line 1)")]
    [InlineData("""{ "logs": { "directory": 5 } }""", "logs.directory = 5: a folder, or empty for none (config.json, line 1)")]
    [InlineData("[]", "config.json, line 1: not an object of sections, such as { \"server\": { … } }")]
    public void A_file_with_a_wrong_structure_is_reported_with_the_line(string json, string message)
    {
        var fault = Assert.Single(_fixture.File(json).Read().Faults);

        Assert.Equal(message, fault);
    }

    [Theory]
    [InlineData("", "line 1, column 1")]
    [InlineData("{\n  \"server\": {\n    \"count\" 1\n  }\n}", "line 3, column 13")]
    [InlineData("{ \"server\": {", "line 1, column 14")]
    [InlineData("{} {}", "line 1, column 4")]
    public void Broken_JSON_is_reported_with_line_and_column(string json, string where)
    {
        var fault = Assert.Single(_fixture.File(json).Read().Faults);

        Assert.StartsWith($"config.json, {where}: not JSON: ", fault, StringComparison.Ordinal);
        Assert.DoesNotContain("LineNumber", fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{", 1)]
    [InlineData("{\n  // ü\n  \"logs\": {}\n", 4)]
    public void A_file_that_is_not_UTF_8_is_a_fault(string before, int line)
    {
        File.WriteAllBytes(Path.Combine(_fixture.Folder, "config.json"), [.. Encoding.UTF8.GetBytes(before), 0xff, 0xfe, 0x7d]);

        Assert.Equal($"config.json, line {line}: not UTF-8 text", Assert.Single(_fixture.Read().Faults));
    }

    [Fact]
    public void Two_variables_for_the_same_key_are_a_fault()
    {
        _fixture.Variable("SHORTLINE__server__count", "2").Variable("shortline__SERVER__COUNT", "3");

        Assert.Equal(
            "environment shortline__SERVER__COUNT: SERVER.COUNT is given twice, first by SHORTLINE__server__count", Assert.Single(_fixture.Read().Faults));
    }

    [Fact]
    public void Long_values_and_control_characters_do_not_reach_the_terminal()
    {
        var fault = Assert.Single(_fixture.Read("--server:count", "\u001b[31m" + new string('x', 1000)).Faults);

        Assert.Contains("\\u001b[31mxxx", fault, StringComparison.Ordinal);
        Assert.True(fault.Length < 250, fault);
    }

    [Theory]
    [InlineData(new[] { "--server:count" }, "command line: --server:count has no value; write --server:count VALUE")]
    [InlineData(new[] { "--server:count", "--gateway" }, "command line: --server:count has no value; write --server:count VALUE")]
    [InlineData(new[] { "--server:count=1", "--server:count=2" }, "command line: server.count is given twice")]
    public void Command_line_settings_that_cannot_be_read_are_faults(string[] arguments, string message) =>
        Assert.Equal(message, Assert.Single(_fixture.Read(arguments).Faults));
}
