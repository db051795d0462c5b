namespace Orleans.Runtime;

/// <summary>Something that can be called from elsewhere: a grain, an observer, or a reference to one.</summary>
public interface IAddressable;
