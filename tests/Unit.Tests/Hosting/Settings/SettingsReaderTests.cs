using Shortline.Hosting.Settings;

namespace Shortline.Unit.Tests.Hosting.Settings;

public sealed class SettingsReaderTests : IDisposable
{
    private readonly SettingsFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void All_settings_have_their_defaults_if_there_is_no_file()
    {
        var result = _fixture.Read();

        Assert.Equal(new ShortlineSettings(), result.Settings);
        Assert.StartsWith("There is no config.json in", result.Notice, StringComparison.Ordinal);
    }

    [Fact]
    public void The_file_of_the_repository_contains_the_defaults()
    {
        _fixture.File(File.ReadAllText(Repository.PathOf("config.json")));

        Assert.Equal(new ShortlineSettings(), Valid(_fixture.Read()));
    }

    [Fact]
    public void A_later_source_overrides_an_earlier_one()
    {
        _fixture
            .File("""{ "server": { "count": "2", "concurrency": 2, "queue_limit": 2, "max_per_silo": 2 } }""")
            .Variable("SHORTLINE__server__concurrency", "3")
            .Variable("SHORTLINE__server__queue_limit", "3")
            .Variable("SHORTLINE__SERVER__MAX_PER_SILO", "3")
            .Variable("SOMETHING_ELSE", "3");

        var server = Valid(_fixture.Read("--server:queue_limit", "4", "--server:max_per_silo=4")).Server;

        Assert.Equal((2, 3, 4, 4, 16), (server.Count, server.Concurrency, server.QueueLimit, server.MaxPerSilo, server.MaxCount));
    }

    [Fact]
    public void The_file_may_have_numbers_as_strings_comments_and_trailing_commas()
    {
        _fixture.File("""
            {
              // The fleet.
              "server": { "count": 3, "queue_update_interval": "0.5", },
              "client": { "start_id": "5000000000" },
              "load_balancer": { "algorithm": "Round_Robin", "address": "::1" },
              "logs": { "directory": "", "level": "Warning" }
            }
            """);

        var settings = Valid(_fixture.Read());

        Assert.Equal((3, 0.5, 5_000_000_000), (settings.Server.Count, settings.Server.QueueUpdateInterval, settings.Client.StartId));
        Assert.Equal(("round_robin", "::1"), (settings.LoadBalancer.Algorithm, settings.LoadBalancer.Address));
        Assert.Equal(("", "warning"), (settings.Logs.Directory, settings.Logs.Level));
    }

    [Fact]
    public void A_file_that_the_user_names_is_read()
    {
        _fixture.File("""{ "server": { "count": 3 } }""", "other.json");

        Assert.Equal(3, Valid(_fixture.ReadFile("other.json")).Server.Count);
    }

    [Fact]
    public void A_file_that_the_user_names_must_exist()
    {
        var fault = Assert.Single(_fixture.ReadFile("missing.json").Faults);

        Assert.StartsWith("missing.json: there is no such file", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_instead_of_the_file_is_a_fault()
    {
        Directory.CreateDirectory(Path.Combine(_fixture.Folder, "config.json"));

        Assert.Equal("config.json: is a folder, not a file", Assert.Single(_fixture.Read().Faults));
    }

    [Fact]
    public void One_message_lists_every_fault_of_every_source()
    {
        _fixture
            .File("""
                {
                  "server": { "count": "many", "prot_range_start": 5, "port_range_start": 51000, "port_range_end": 50000 },
                  "sever": { "count": 1 }
                }
                """)
            .Variable("SHORTLINE__controller__interval_ms", "5");

        var result = _fixture.Read("--load_balancer:client_side_port", "70000", "--load_balancer:algorithm=fastest");

        Assert.Null(result.Settings);
        Assert.Equal(
            """
            The settings have 7 faults:
              server.count = many: a whole number from 1 to 10000 (config.json, line 2)
              server.prot_range_start = 5: unknown key; did you mean port_range_start? (config.json, line 2)
              sever.count = 1: unknown section; did you mean server? (config.json, line 3)
              controller.interval_ms = 5: a whole number from 10 to 60000 (environment SHORTLINE__controller__interval_ms)
              load_balancer.client_side_port = 70000: a whole number from 0 to 65535 (command line)
              load_balancer.algorithm = fastest: one of shortest_queue, round_robin (command line)
              server.port_range_end = 50000: above server.port_range_start (config.json, line 2; server.port_range_start = 51000: config.json, line 2)
            Every key is described in docs/configuration.md.
            """,
            result.Describe());
    }

    [Fact]
    public void A_default_of_the_program_overrides_only_config_json()
    {
        _fixture.ProgramDefaults["server.count"] = "4";
        _fixture.File("""{ "server": { "count": 2 } }""").File("""{ "server": { "count": 3 } }""", "mine.json");

        Assert.Equal(4, Valid(_fixture.Read()).Server.Count);
        Assert.Equal(5, Valid(_fixture.Read("--server:count", "5")).Server.Count);
        Assert.Equal(3, Valid(_fixture.ReadFile("mine.json")).Server.Count);
    }

    private static ShortlineSettings Valid(SettingsResult result)
    {
        Assert.True(result.IsValid, result.Describe());
        return result.Settings;
    }
}
