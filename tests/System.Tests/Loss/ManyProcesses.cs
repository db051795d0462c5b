namespace Shortline.System.Tests.Loss;

/// <summary>Tests with many processes each: one after the other, or they would measure each other.</summary>
[CollectionDefinition(nameof(ManyProcesses))]
public sealed class ManyProcesses;
