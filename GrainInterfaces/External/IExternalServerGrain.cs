using Orleans;

namespace Shortline.GrainInterfaces;

/// <summary>The side of a server grain that stands for a program of somebody else's. The same grain, and key, as <see cref="IServerGrain"/>.</summary>
[Alias("Shortline.IExternalServerGrain")]
public interface IExternalServerGrain : IGrainWithStringKey
{
    /// <summary>Takes a report of the program; the first one that is ready starts the server.</summary>
    /// <param name="report">The report.</param>
    /// <param name="after">The last <see cref="ServerResponse.Incarnation"/> known of this id, on whatever silo.</param>
    /// <returns>The server's report right after.</returns>
    [Alias("TakeReport")]
    Task<ServerResponse> TakeReport(ExternalReport report, long after);
}
