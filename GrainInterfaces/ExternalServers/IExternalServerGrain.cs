using Orleans;
using Shortline.GrainInterfaces.Servers;

namespace Shortline.GrainInterfaces.ExternalServers;

/// <summary>
/// What a server grain can do in addition if it stands for an external server. The same grain and key as <see cref="IServerGrain"/>.
/// </summary>
[Alias("Shortline.IExternalServerGrain")]
public interface IExternalServerGrain : IGrainWithStringKey
{
    /// <summary>Takes a report of the external server. The first one with status ready starts the server.</summary>
    /// <param name="report">The report.</param>
    /// <param name="after">The last <see cref="ServerResponse.Incarnation"/> known of this id, on whatever silo.</param>
    /// <returns>The server's report after that.</returns>
    [Alias("TakeReport")]
    Task<ServerResponse> TakeReport(ExternalReport report, long after);
}
