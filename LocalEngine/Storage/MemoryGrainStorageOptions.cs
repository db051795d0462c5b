namespace Orleans.Configuration;

/// <summary>Settings of a memory storage. There are none here.</summary>
public class MemoryGrainStorageOptions;
