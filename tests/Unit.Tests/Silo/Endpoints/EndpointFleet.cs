using System.Net;
using System.Net.Sockets;
using Shortline.Hosting.Settings;
using Shortline.Hosting.Settings.Sections;
using Shortline.Unit.Tests.Fleet;
using Shortline.Unit.Tests.Time;

namespace Shortline.Unit.Tests.Silo.Endpoints;

/// <summary>A fleet of two servers, each with its own port, and a folder of files.</summary>
public sealed class EndpointFleet : IAsyncLifetime
{
    internal string Files { get; } = Directory.CreateTempSubdirectory("endpoint-files-").FullName;

    internal FleetHost Fleet { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        await File.WriteAllTextAsync(Path.Combine(Files, "doc.txt"), "a document");
        Fleet = await Start(Files);
    }

    public async Task DisposeAsync()
    {
        await Fleet.DisposeAsync();
        Directory.Delete(Files, recursive: true);
    }

    /// <summary>Starts a fleet of two servers.</summary>
    internal static async Task<FleetHost> Start(string files = "", int drainTimeoutMs = 200, BuiltInOperations? operations = null)
    {
        var ports = FreePort();
        var fleet = await FleetHost.Start(new ShortlineSettings
        {
            // The range of ports is not used by other fleets, even after a server ends. The drain does not wait for a long computation at
            // the end of a test.
            Server = new()
            {
                Count = 2,
                MaxCount = 2,
                FileRoot = files,
                Operations = operations ?? BuiltInOperations.All,
                PortRangeStart = ports,
                PortRangeEnd = ports + 20,
                DrainTimeoutMs = drainTimeoutMs,
            },
        });
        await Eventually.True(() => TextClient.Ask(fleet.EndPoint, "req_sv_loc") != "[]", "the gateway knows the servers");
        return fleet;
    }

    private static int FreePort()
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return Math.Min(((IPEndPoint)socket.LocalEndPoint!).Port, 65_500);
    }
}
