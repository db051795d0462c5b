using System.Net;
using Microsoft.Extensions.Logging;
using Shortline.Hosting.Logs;
using Shortline.Unit.Tests.Memory;

namespace Shortline.Unit.Tests.Hosting.Logs;

public sealed class LogFilesSinkTests : IDisposable
{
    private readonly LogFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Each_client_server_controller_gateway_and_silo_has_its_own_file_and_other_categories_share_one()
    {
        string[] categories =
        [
            LogCategories.Server("3"), LogCategories.Server("default/4"), LogCategories.Client(1000), LogCategories.ClientTool,
            LogCategories.Controller("default"), LogCategories.Gateway("a"), LogCategories.Silo("two"),
            "Shortline.Gateway.Dispatcher", "Shortline.Client.ShortlineClient",
        ];

        _folder.Log(loggers =>
        {
            foreach (var category in categories)
                loggers.CreateLogger(category).LogInformation("from {Category}", category);
        });

        Assert.Equal(
            [
                "clients/client-1000.log", "clients/client-tool.log", "controller/controller-default.log", "gateway/gateway-a.log",
                "servers/server-3.log", "servers/server-default_4.log", "silo/silo-one.log", "silo/silo-two.log",
            ],
            _folder.Files().Select(file => file.Replace('\\', '/')));
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z info  Shortline\.Server/3: from Shortline\.Server/3$", Assert.Single(_folder.Lines("servers/server-3.log")));
        Assert.Equal(2, _folder.Lines("silo/silo-one.log").Length);
    }

    [Fact]
    public void Messages_below_the_level_are_not_written_and_frameworks_need_a_warning()
    {
        _folder.Log(loggers =>
        {
            loggers.CreateLogger("Shortline.Any").LogDebug("no");
            loggers.CreateLogger("Shortline.Any").LogInformation("yes");
            loggers.CreateLogger("Microsoft.Any").LogInformation("no");
            loggers.CreateLogger("Orleans.Any").LogWarning("yes");
        });

        Assert.Equal(["yes", "yes"], _folder.Lines("silo/silo-one.log").Select(line => line[^3..]));
    }

    [Fact]
    public void A_line_has_the_formatted_message_and_the_event_id()
    {
        _folder.Log(loggers => loggers.CreateLogger("Any").LogWarning(
            new EventId(2104), "{Count} requests of {Client} took {Seconds:0.00} s at {EndPoint}", 3, "a", 1.5, new IPEndPoint(IPAddress.Loopback, 80)));

        Assert.EndsWith("Z warn  Any[2104]: 3 requests of a took 1.50 s at 127.0.0.1:80", Assert.Single(_folder.Lines("silo/silo-one.log")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_disabled_message_allocates_nothing() => _folder.Log(loggers =>
    {
        var logger = loggers.CreateLogger("Any");
        Assert.Equal(0, Allocation.Of(() =>
        {
            for (var i = 0; i < 1000; i++)
                logger.Log(LogLevel.Debug, default, 0, null, (_, _) => "");
        }));
    });

    [Fact]
    public void No_files_are_written_if_the_folder_is_empty()
    {
        _folder.Log(loggers => loggers.CreateLogger("Any").LogError("lost on purpose"), _folder.Settings() with { Directory = "" });

        Assert.Empty(_folder.Files());
    }

    [Fact]
    public void Files_are_rolled_by_size_and_the_oldest_are_deleted()
    {
        // 100 lines of about 1,050 bytes: 9 lines fit into a file, so 12 files are written and the newest 3 stay.
        _folder.Log(
            loggers =>
            {
                var logger = loggers.CreateLogger(LogCategories.Server("3"));
                for (var i = 0; i < 100; i++)
                    logger.LogInformation("{Number:000} {Text}", i, new string('x', 1000));
            },
            _folder.Settings(fileSizeLimit: 10_000, filesKept: 2));

        Assert.Equal(["server-3.1.log", "server-3.2.log", "server-3.log"], _folder.Files().Select(Path.GetFileName));
        Assert.All(_folder.Files(), file => Assert.InRange(new FileInfo(_folder.PathOf(file)).Length, 1, 10_000));
        var kept = new[] { "server-3.2.log", "server-3.1.log", "server-3.log" }.SelectMany(file => _folder.Lines("servers/" + file)).ToArray();
        Assert.Equal(Enumerable.Range(100 - kept.Length, kept.Length), kept.Select(line => int.Parse(line.Split(": ")[1][..3])));
    }

    [Fact]
    public void A_second_run_appends_to_the_files_of_the_first()
    {
        _folder.Log(loggers => loggers.CreateLogger("Any").LogInformation("first"));
        _folder.Log(loggers => loggers.CreateLogger("Any").LogInformation("second"));

        Assert.Equal(["first", "second"], _folder.Lines("silo/silo-one.log").Select(line => line.Split(": ")[1]));
    }

    [Fact]
    public async Task Two_writers_of_the_same_file_lose_no_line()
    {
        var settings = _folder.Settings(fileSizeLimit: 20_000, filesKept: 1000);
        await Task.WhenAll(Task.Run(() => WriteAll("a")), Task.Run(() => WriteAll("b")));

        var lines = _folder.Files().SelectMany(_folder.Lines).Select(line => line.Split(": ")[1]).Order(StringComparer.Ordinal);
        Assert.Equal(from writer in new[] { "a", "b" } from i in Enumerable.Range(0, 2000) select $"{writer}{i:0000}", lines);
        Assert.True(_folder.Files().Length > 5, "The file was not rolled.");

        void WriteAll(string name)
        {
            using var provider = _folder.Open(settings);
            var logger = provider.CreateLogger(LogCategories.Server("3"));
            for (var i = 0; i < 2000; i++)
                logger.LogInformation($"{name}{i:0000}");
        }
    }

    [Fact]
    public void An_id_from_the_network_cannot_leave_the_folder()
    {
        _folder.Log(loggers =>
        {
            loggers.CreateLogger(LogCategories.Server("../../../etc/passwd")).LogInformation("here");
            loggers.CreateLogger(LogCategories.Server("3.1\0" + new string('x', 1000))).LogInformation("here");
            loggers.CreateLogger(LogCategories.Server("")).LogInformation("here");
        });

        string[] expected = ["server-_________etc_passwd.log", $"server-3_1_{new string('x', 60)}.log", "server-_.log"];
        Assert.Equal(expected.Order(StringComparer.Ordinal), _folder.Files().Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }
}
