using Xunit.Abstractions;

[assembly: TestCollectionOrderer("Shortline.System.Tests.Loss.LongestFirst", "Shortline.System.Tests")]

namespace Shortline.System.Tests.Loss;

/// <summary>Starts the collection of the loss tests first. It is the longest, and as the last it would run alone for minutes.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) =>
        testCollections.OrderBy(collection => collection.DisplayName == nameof(ManyProcesses) ? 0 : 1).ThenBy(collection => collection.DisplayName, StringComparer.Ordinal);
}
