using System.Net;
using Shortline.Hosting.Settings;
using Shortline.Unit.Tests.Fleet;

namespace Shortline.Unit.Tests.Silo.Endpoints;

/// <summary>A fleet of one server with a large file, and with a short idle timeout.</summary>
public sealed class LargeFileFleet : IAsyncLifetime
{
    private FleetHost _fleet = null!;

    internal string Files { get; } = Directory.CreateTempSubdirectory("bad-text-").FullName;

    internal IPEndPoint Server { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        using (var big = File.Create(Path.Combine(Files, "big.bin")))
            big.SetLength(50_000_000);
        File.CreateSymbolicLink(Path.Combine(Files, "out"), "/etc/passwd");
        _fleet = await FleetHost.Start(new ShortlineSettings
        {
            Server = new() { FileRoot = Files },
            LoadBalancer = new() { IdleTimeoutMs = 1000, TextIdleTimeoutMs = 1000 },
        });
        var server = (await _fleet.Controller.GetStatus()).Servers[0];
        Server = new IPEndPoint(IPAddress.Parse(server.Host), server.Port);
    }

    public async Task DisposeAsync()
    {
        await _fleet.DisposeAsync();
        Directory.Delete(Files, recursive: true);
    }
}
