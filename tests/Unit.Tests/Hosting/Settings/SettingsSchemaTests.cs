using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Shortline.Balancing.Choosing;
using Shortline.Hosting.Settings;
using Shortline.Hosting.Settings.Schema;
using Shortline.Hosting.Settings.Sources;

namespace Shortline.Unit.Tests.Hosting.Settings;

public sealed partial class SettingsSchemaTests
{
    private static readonly SettingsSchema Schema = new(BalancingPolicies.Names);


    [Fact]
    public void Every_key_is_named_after_its_property() => Assert.All(Schema.Keys, key => Assert.Equal(SnakeCase(key.Property.Name), key.Name));

    [Fact]
    public void Every_key_sets_its_property_and_no_other()
    {
        foreach (var key in Schema.Keys)
        {
            var value = Other(key);
            var changed = new ShortlineSettings();
            var provider = new SettingsProvider();
            provider.Add(key.Path, value, "test");
            var input = new SettingsInput(Schema, [provider]);
            input.Configure(changed);

            Assert.False(input.IsWrong(key.Path), $"{key.Path} does not allow {value}");
            Assert.Equal(value, Text(key, changed));
            Assert.Same(key, Assert.Single(Schema.Keys, each => Text(each, changed) != Text(each, new())));
        }
    }

    [Fact]
    public void Every_default_is_allowed() => Assert.All(
        Schema.Keys,
        key => Assert.NotNull(key.Read(new SettingEntry(key.Path, Text(key, new()), EntryKind.Text, "test"))));

    [Fact]
    public void The_documentation_lists_every_key_with_its_default_allowed_values_and_meaning()
    {
        var meanings = XDocument.Load(Path.ChangeExtension(typeof(ShortlineSettings).Assembly.Location, ".xml"), LoadOptions.PreserveWhitespace).Descendants("member")
            .Where(member => member.Element("summary") is not null)
            .ToDictionary(member => member.Attribute("name")!.Value, member => Markdown(member.Element("summary")!), StringComparer.Ordinal);
        var rows = Schema.Keys.Select(key => $"| `{key.Path}` | {Default(key)} | {key.Allowed} | {meanings[$"P:{key.Property.DeclaringType}.{key.Property.Name}"]} |").ToArray();
        var page = File.ReadAllLines(Repository.PathOf("docs/configuration.md")).Where(line => line.StartsWith("| `", StringComparison.Ordinal)).ToArray();

        Assert.True(rows.SequenceEqual(page), "The rows of docs/configuration.md have to be:\n" + string.Join('\n', rows));
    }

    private static string Other(SettingKey key) => key.Path switch
    {
        "load_balancer.address" or "cluster.address" or "server.address" => "::1",
        "cluster.id" => "other",
        "cluster.membership" => "postgresql",
        "cluster.connection_string" => "Host=db",
        "cluster.certificate" or "cluster.certificate_key" or "cluster.certificate_authority" or "load_balancer.certificate" or "load_balancer.certificate_key" => "other.pem",
        "cluster.certificate_password" or "load_balancer.certificate_password" or "load_balancer.join_secret" => "hush",
        "load_balancer.algorithm" => "round_robin",
        "load_balancer.allow_external_from" => "10.0.0.0/8,192.168.0.1",
        "cluster.folder" or "logs.directory" or "server.file_root" => "elsewhere",
        "logs.level" => "debug",
        "server.overload" => "queue",
        "server.operations" => "echo,file",
        "server.expose_errors" => "off",
        _ => (double.Parse(Text(key, new()), CultureInfo.InvariantCulture) + 1).ToString(CultureInfo.InvariantCulture),
    };

    private static string Default(SettingKey key) => Text(key, new()) is { Length: > 0 } text ? $"`{text}`" : "empty";

    private static string Text(SettingKey key, ShortlineSettings settings) => Convert.ToString(key.Get(settings), CultureInfo.InvariantCulture)!;

    /// <summary>Returns a doc comment on one line, with code between backticks.</summary>
    private static string Markdown(XElement summary) => WhiteSpace().Replace(
        string.Concat(summary.Nodes().Select(node => node is XElement code ? $"`{code.Value}`" : ((XText)node).Value)), " ").Trim();

    private static string SnakeCase(string name) => WordStart().Replace(name, "_$0").ToLowerInvariant();

    [GeneratedRegex("(?<!^)[A-Z]", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex WordStart();

    [GeneratedRegex(@"\s+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex WhiteSpace();
}
