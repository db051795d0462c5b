namespace Shortline.System.Tests.Loss;

/// <summary>
/// The collection of tests with many processes each. They run one after the other, because each disturbs the timing of another.
/// </summary>
[CollectionDefinition(nameof(ManyProcesses))]
public sealed class ManyProcesses : ICollectionFixture<LossCluster>;
