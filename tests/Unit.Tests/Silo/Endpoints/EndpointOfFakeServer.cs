using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Shortline.Gateway.Requests;
using Shortline.Gateway.Tcp.Text;
using Shortline.Grains.Files;
using Shortline.Hosting.Settings;
using Shortline.Silo.Endpoints;
using Shortline.Unit.Tests.Gateway.HandOver;
using Shortline.Unit.Tests.Gateway.Requests;
using Shortline.Unit.Tests.Grains.Servers;

namespace Shortline.Unit.Tests.Silo.Endpoints;

/// <summary>Opens a real port for a fake server, with a fake clock.</summary>
internal static class EndpointOfFakeServer
{
    public static ServerEndpoint Open(FakeServer server, FakeTimeProvider time, ShortlineSettings? settings = null, TextExchanges? exchanges = null)
    {
        var observer = new RecordingGateway();
        var used = settings ?? new ShortlineSettings();
        var endpoint = new ServerEndpoint(new IPEndPoint(IPAddress.Loopback, 0), server.Id, new EndpointParts
        {
            Settings = used,
            Time = time,
            Loggers = NullLoggerFactory.Instance,
            Silo = "silo",
            GrainOf = (_, _) => server,
            LocalServers = new FakeLocalServers(_ => server),
            SiloAddress = server.Silo,
            Self = () => observer,
            Files = new FileRoot(used.Server.FileRoot),
            Checksums = new ChecksumCache(),
            Memory = new MemoryBudget(long.MaxValue),
            Exchanges = exchanges ?? new TextExchanges(),
        });
        endpoint.Start(incarnation: 1);
        return endpoint;
    }
}
