using Shortline.GrainInterfaces;

namespace Shortline.Grains;

/// <summary>Where servers report to.</summary>
internal interface IServerReports
{
    /// <summary>Hands a report over. It may be lost.</summary>
    Task Report(string pool, ServerResponse report);
}
