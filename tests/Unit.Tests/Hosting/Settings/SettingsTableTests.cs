using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Shortline.Hosting;

namespace Shortline.Unit.Tests.Hosting;

public sealed partial class SettingsTableTests
{
    private static readonly SettingsTable Table = new(Reading.Algorithms);

    [Fact]
    public void Every_property_of_the_settings_has_a_key()
    {
        var properties =
            from section in typeof(ShortlineSettings).GetProperties(BindingFlags.Public | BindingFlags.Instance)
            from property in section.PropertyType.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            select $"{SnakeCase(section.Name)}.{SnakeCase(property.Name)}";

        Assert.Equal(properties.Order(StringComparer.Ordinal), Table.Keys.Select(key => key.Path).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_key_sets_the_property_that_it_gets()
    {
        foreach (var key in Table.Keys)
        {
            var entry = new SettingEntry(key.Path, Other(key), EntryKind.Text, "test");
            var changed = key.Set(new ShortlineSettings(), entry);

            Assert.True(changed is not null, $"{key.Path} does not take {entry.Value}");
            Assert.Equal(entry.Value, Text(key, changed));
            Assert.Same(key, Assert.Single(Table.Keys, each => Text(each, changed) != Text(each, new())));
        }
    }

    [Fact]
    public void Every_default_is_allowed()
    {
        foreach (var key in Table.Keys)
        {
            var entry = new SettingEntry(key.Path, Text(key, new()), EntryKind.Text, "test");
            Assert.True(key.Set(new ShortlineSettings(), entry) is not null, $"{key.Path} = {entry.Value} is not {key.Allowed}");
        }
    }

    [Fact]
    public void The_page_for_users_lists_every_key_with_its_default_what_is_allowed_and_its_meaning()
    {
        var rows = Table.Keys.Select(key => $"| `{key.Path}` | {Default(key)} | {key.Documented} | {key.Meaning} |").ToArray();
        var page = File.ReadAllLines(Repository.PathOf("docs/configuration.md")).Where(line => line.StartsWith("| `", StringComparison.Ordinal)).ToArray();

        Assert.True(rows.SequenceEqual(page), "The rows of docs/configuration.md have to be:\n" + string.Join('\n', rows));
    }

    private static string Other(SettingKey key) => key.Path switch
    {
        "load_balancer.address" or "cluster.address" or "server.address" => "::1",
        "cluster.id" => "other",
        "cluster.membership" => "postgresql",
        "cluster.connection_string" => "Host=db",
        "cluster.certificate" or "cluster.certificate_key" or "cluster.certificate_authority" => "other.pem",
        "cluster.certificate_password" => "hush",
        "load_balancer.algorithm" => "round_robin",
        "load_balancer.allow_external_from" => "10.0.0.0/8,192.168.0.1",
        "logs.directory" or "server.file_root" => "elsewhere",
        "logs.level" => "debug",
        _ => (double.Parse(Text(key, new()), CultureInfo.InvariantCulture) + 1).ToString(CultureInfo.InvariantCulture),
    };

    private static string Default(SettingKey key) => Text(key, new()) is { Length: > 0 } text ? $"`{text}`" : "empty";

    private static string Text(SettingKey key, ShortlineSettings settings) => Convert.ToString(key.Get(settings), CultureInfo.InvariantCulture)!;

    private static string SnakeCase(string name) => WordStart().Replace(name, "_$0").ToLowerInvariant();

    [GeneratedRegex("(?<!^)[A-Z]", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex WordStart();
}
